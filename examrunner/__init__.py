"""Practical exams on vehicle training rigs, recorded, scored and explained.

rig --capture--> recording --decode--> timeline --scoring--> score
--delivery--> result --grading--> grade

Nouns live in ``model``; every verb is a package; the processes (``agent``,
``service``, ``cli``) sit on top and only join verbs.
"""

__version__ = "0.1.0"

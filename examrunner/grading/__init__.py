"""Results under a scheme: certificate and course grade, and the feed of both."""

from examrunner.grading.grades import course_grade, grade

__all__ = ["course_grade", "grade"]

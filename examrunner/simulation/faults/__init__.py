"""What can be broken at a rig, how it is switched and what repairs it."""

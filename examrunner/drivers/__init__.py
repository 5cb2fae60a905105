"""One link of a rig each: a CAN channel, a camera, a fault box; named as text."""

"""Record one attempt on a rig, in a process of its own: links in, recording out."""

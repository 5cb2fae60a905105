"""Results under a scheme become certificates, course grades and credits."""

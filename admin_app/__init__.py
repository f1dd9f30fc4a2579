"""The outermost ring: what sellers see inside the control panel, the command line and the composition root."""

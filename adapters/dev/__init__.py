"""The servers and processes of a development machine: started, watched and stopped without a trace."""

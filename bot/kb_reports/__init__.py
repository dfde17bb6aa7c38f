"""What the commands of ``yibao kb`` print, one module each."""

"""Tables and the questions asked of them. Functions take a Session first; rows never leave this room."""

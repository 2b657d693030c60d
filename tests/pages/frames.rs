//! What holds for the lines of every page: they keep inside their frames, and what is cut says so.

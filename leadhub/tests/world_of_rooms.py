"""Things of the rooms above, each made when the matrix first asks for it: one function per thing, named like it."""

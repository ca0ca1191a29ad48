"""A package, so that its browser ends with its last test and another folder can start one of its own."""

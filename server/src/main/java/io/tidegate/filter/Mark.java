package io.tidegate.filter;

/// Where in the text of a filter a condition stands, and what it demands there. Only made to
/// explain; conditions know their number in the order of compiling.
record Mark(String pointer, String operator, Json operand) {}

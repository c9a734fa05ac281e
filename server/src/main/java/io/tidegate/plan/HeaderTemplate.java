package io.tidegate.plan;

/// A header by name, with a value that is filled in for each request.
public record HeaderTemplate(String name, Template value) {}

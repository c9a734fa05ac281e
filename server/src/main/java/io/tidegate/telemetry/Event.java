package io.tidegate.telemetry;

/// Something that happened and that an operator may want to know, under the names of the model
/// (`BINDING_HTTP_REQUEST_ACCEPTED`). Holds no credentials.
///
/// @param source `namespace:binding` or `namespace:guard`
/// @param request id of the request that it belongs to
public record Event(String source, String request, String type, String message) {}

package io.tidegate.registry;

import java.time.Instant;
import java.util.OptionalLong;
import tools.jackson.databind.node.ObjectNode;

/// What somebody wants changed, as it lay in the intake topic.
///
/// @param action what to do, in the words of the kind: `register`, `update`, `revoke`
/// @param id of the thing to be changed
/// @param name by which its sender recognises the outcome; empty when nobody waits for it
/// @param expected the version it was made for: 0 for "not there yet"; empty for any
/// @param at when it was appended, which is the only time that counts in judging it
/// @param body all of it, unknown fields included
public record Command(
    String action, String id, String name, OptionalLong expected, Instant at, ObjectNode body) {}

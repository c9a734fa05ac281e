package io.tidegate.outbox;

import io.tidegate.base.AddressRules;
import io.tidegate.http.Client;
import java.util.Optional;
import java.util.function.Supplier;
import javax.net.ssl.SSLContext;

/// What connections of destinations are held to, whatever is spoken on them.
///
/// @param addresses that may be connected to
/// @param tls how it is spoken; empty: not at all
/// @param limits of each step
public record Ways(
    AddressRules addresses, Optional<Supplier<SSLContext>> tls, Client.Limits limits) {}

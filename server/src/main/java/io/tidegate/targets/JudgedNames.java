package io.tidegate.targets;

import io.tidegate.base.AddressRules;
import io.tidegate.base.AddressText;
import io.tidegate.outbox.Undelivered;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.ArrayList;
import java.util.List;

/// Where names lead, as far as it may be connected to. Whoever connects must connect to what this
/// gives and look nothing up a second time, since a name may lead elsewhere a moment later.
///
/// Waits for name servers: not for event loops, and not for virtual threads.
final class JudgedNames {
  private final AddressRules rules;

  JudgedNames(AddressRules rules) {
    this.rules = rules;
  }

  /// At least one. They carry the name that they were found by, so that nobody asks for another.
  List<InetAddress> find(String host) throws Undelivered {
    var refused = rules.refusal(host);
    if (refused.isPresent()) {
      throw Undelivered.never("refused_address", refused.get());
    }
    var fine = new ArrayList<InetAddress>();
    var why = "";
    for (var address : all(host)) {
      var refusal = rules.refusal(host, address);
      if (refusal.isEmpty()) {
        fine.add(named(host, address));
      } else if (why.isEmpty()) {
        why = refusal.get();
      }
    }
    if (fine.isEmpty()) {
      throw Undelivered.never("refused_address", why);
    }
    return fine;
  }

  private static InetAddress[] all(String host) throws Undelivered {
    var literal = AddressText.parse(host);
    if (literal.isPresent()) {
      return new InetAddress[] {literal.get()};
    }
    if (AddressText.isNumeric(host) || host.indexOf(':') >= 0) {
      throw Undelivered.failed("unknown_host", "'" + host + "' is neither a name nor an address");
    }
    try {
      return InetAddress.getAllByName(host);
    } catch (UnknownHostException unknown) {
      throw Undelivered.failed("unknown_host", "the name " + host + " is not known");
    }
  }

  private static InetAddress named(String host, InetAddress address) {
    try {
      return InetAddress.getByAddress(host, address.getAddress());
    } catch (UnknownHostException wrongLength) {
      throw new IllegalArgumentException(wrongLength);
    }
  }
}

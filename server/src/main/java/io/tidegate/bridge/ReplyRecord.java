package io.tidegate.bridge;

import io.tidegate.base.Bytes;
import io.tidegate.http.Headers;
import io.tidegate.http.Problem;
import io.tidegate.http.Reply;
import io.tidegate.log.Stored;
import java.util.ArrayList;
import java.util.Set;

/// A record of a reply topic as the reply it stands for. Who writes there is not always careful, so
/// what would damage the connection is left out.
final class ReplyRecord {

  /// The listener's own business, and what belongs to one connection only.
  private static final Set<String> LEFT_OUT =
      Set.of(
          "content-length",
          "connection",
          "keep-alive",
          "proxy-connection",
          "transfer-encoding",
          "te",
          "trailer",
          "upgrade",
          "http2-settings");

  private static final int OK = 200;
  private static final int NO_CONTENT = 204;
  private static final int LAST = 599;

  private ReplyRecord() {}

  /// @param idHeader carries the correlation id, which stays inside
  /// @param more headers of our own
  static Reply reply(Stored stored, String idHeader, Headers more) {
    var status = status(stored);
    if (status < OK || status > LAST) {
      return Reply.of(
          Problem.of(502, "invalid_reply", "The reply has a :status that is not an HTTP status."));
    }
    var fields = new ArrayList<Headers.Field>(stored.headers().size());
    for (var header : stored.headers()) {
      var field = new Headers.Field(header.name(), header.value().utf8());
      if (!header.name().equals(idHeader)
          && !LEFT_OUT.contains(field.name())
          && FieldSyntax.isName(field.name())
          && FieldSyntax.isValue(field.value())) {
        fields.add(field);
      }
    }
    var body = status == NO_CONTENT || stored.value() == null ? Bytes.EMPTY : stored.value();
    return new Reply(status, Headers.of(fields).withAll(more), body);
  }

  private static int status(Stored stored) {
    var given = stored.header(":status");
    if (given.isEmpty()) {
      return OK;
    }
    var digits = given.get().utf8();
    return digits.matches("[0-9]{3}") ? Integer.parseInt(digits) : 0;
  }
}

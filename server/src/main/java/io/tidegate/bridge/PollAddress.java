package io.tidegate.bridge;

import io.tidegate.http.Headers;
import io.tidegate.http.Reply;
import io.tidegate.http.Request;
import io.tidegate.plan.HeaderTemplate;
import io.tidegate.plan.Template;
import io.tidegate.plan.Template.Part;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;

/// Where the reply of an asynchronous request is asked for: a header template such as
/// `/items/${params.id};cid=${correlationId}`, read backwards.
///
/// Each place stands for one or more characters; the whole path has to match.
final class PollAddress {
  private static final Pattern ORIGIN = Pattern.compile("^[A-Za-z][A-Za-z0-9+.-]*://[^/]*");

  /// Matching several places takes time that grows faster than the path.
  private static final int LONGEST = 4096;

  private final Pattern pattern;
  private final List<Part> places;
  private final boolean hasQuery;

  private PollAddress(Pattern pattern, List<Part> places, boolean hasQuery) {
    this.pattern = pattern;
    this.places = places;
    this.hasQuery = hasQuery;
  }

  /// A poll that was recognised.
  ///
  /// @param params what the address says of the path's named groups
  record Poll(String correlationId, Map<String, String> params) {
    Poll {
      params = Map.copyOf(params);
    }
  }

  /// The addresses among these headers: those that tell the correlation id.
  static List<PollAddress> among(List<HeaderTemplate> headers) {
    return headers.stream()
        .map(HeaderTemplate::value)
        .filter(template -> template.parts().contains(new Part.CorrelationId()))
        .map(PollAddress::of)
        .toList();
  }

  /// 202, and where to ask.
  static Reply tell(List<HeaderTemplate> headers, RequestScope scope, Headers more) {
    var fields = new ArrayList<Headers.Field>(headers.size());
    for (var each : headers) {
      var value = each.value().render(scope);
      if (FieldSyntax.isValue(value)) {
        fields.add(new Headers.Field(each.name(), value));
      }
    }
    return Reply.of(202, Headers.of(fields).withAll(more));
  }

  static PollAddress of(Template template) {
    var places = new ArrayList<Part>();
    var regex = new StringBuilder();
    var hasQuery = false;
    for (var part : template.parts()) {
      if (part instanceof Part.Text(var text)) {
        var path = regex.isEmpty() ? ORIGIN.matcher(text).replaceFirst("") : text;
        hasQuery |= path.indexOf('?') >= 0;
        regex.append(Pattern.quote(path));
      } else {
        places.add(part);
        regex.append("(.+)");
      }
    }
    return new PollAddress(Pattern.compile(regex.toString()), List.copyOf(places), hasQuery);
  }

  Optional<Poll> match(Request request) {
    var address = hasQuery ? request.target() : request.path();
    var matcher = pattern.matcher(address);
    if (address.length() > LONGEST || !matcher.matches()) {
      return Optional.empty();
    }
    var params = new HashMap<String, String>();
    var id = "";
    for (int i = 0; i < places.size(); i++) {
      var value = matcher.group(i + 1);
      switch (places.get(i)) {
        case Part.CorrelationId() -> id = PathText.decode(value);
        case Part.Param(var name) -> params.put(name, value);
        default -> {}
      }
    }
    return Optional.of(new Poll(id, params));
  }
}

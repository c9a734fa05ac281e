package io.tidegate.config;

import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;

/// A pattern over a whole text: `*` is any run of characters, `{name}` one or more of them under a
/// name.
public record Glob(Place place, String text, List<String> params) {
  private static final Pattern BRACES = Pattern.compile("\\{([^{}]*)}");
  private static final Pattern NAME = Pattern.compile("[A-Za-z_][A-Za-z0-9_]*");

  static final Form<Glob> FORM = Form.of("a pattern", Glob::read);

  /// A pattern over a path.
  static final Form<Glob> PATH =
      Form.of(
          "a path starting with '/'",
          value -> {
            var glob = read(value);
            if (!glob.text.isEmpty() && !glob.text.startsWith("/") && !glob.text.startsWith("*")) {
              value.fault("found " + value.described(), "a path starting with '/'");
            }
            return glob;
          });

  public Glob {
    params = List.copyOf(params);
  }

  /// A form like `form` for places where nothing could use a name.
  static Form<Glob> unnamed(Form<Glob> form, String why) {
    return Form.of(
        form.expected(),
        value -> {
          var glob = form.read(value);
          if (!glob.params.isEmpty()) {
            value.fault("{" + glob.params.getFirst() + "} has no meaning here", why);
          }
          return glob;
        });
  }

  private static Glob read(Value value) {
    var text = value.scalar("a pattern").orElse("");
    var params = new ArrayList<String>();
    var matcher = BRACES.matcher(text);
    while (matcher.find()) {
      var name = matcher.group(1);
      if (!NAME.matcher(name).matches()) {
        value.fault(
            Fault.quote("{" + name + "}") + " is not a parameter",
            "letters, digits and '_' between braces");
      } else if (params.contains(name)) {
        value.fault("parameter {" + name + "} stands twice", "");
      } else {
        params.add(name);
      }
    }
    var rest = matcher.replaceAll("");
    if (rest.contains("{") || rest.contains("}")) {
      value.fault("a brace without its partner in " + value.described(), "{name}");
    }
    return new Glob(value.place(), text, params);
  }
}

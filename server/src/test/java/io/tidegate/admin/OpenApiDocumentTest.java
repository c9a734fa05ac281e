package io.tidegate.admin;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.util.Locale;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

class OpenApiDocumentTest {
  private static final JsonMapper JSON = new JsonMapper();

  @Test
  void saysWhatTheRoutesAre() throws IOException {
    var routes = new TreeSet<String>();
    OutboxRouter.ROUTES.forEach(
        route -> routes.add(route.method() + " " + route.path() + " " + word(route.scope())));

    assertThat(documented()).isEqualTo(routes);
  }

  @Test
  void refersToNothingThatIsNotThere() throws IOException {
    var document = document();
    for (var reference : document.findValuesAsString("$ref")) {
      assertThat(document.at(reference.substring(1)).isMissingNode()).as(reference).isFalse();
    }
    assertThat(document.findValuesAsString("operationId")).doesNotHaveDuplicates();
  }

  private static Set<String> documented() throws IOException {
    var found = new TreeSet<String>();
    for (var path : document().path("paths").properties()) {
      for (var operation : path.getValue().properties()) {
        found.add(
            operation.getKey().toUpperCase(Locale.ROOT)
                + " "
                + path.getKey().replaceAll("\\{[a-z_]+}", "{}")
                + " "
                + operation.getValue().path("tags").path(0).asString());
      }
    }
    return found;
  }

  private static String word(OutboxRouter.Scope scope) {
    return scope.name().toLowerCase(Locale.ROOT);
  }

  private static JsonNode document() throws IOException {
    try (var in = OpenApiDocument.class.getResourceAsStream("openapi.json")) {
      return JSON.readTree(in);
    }
  }
}

package io.tidegate.files;

import java.util.Comparator;
import java.util.List;
import tools.jackson.databind.json.JsonMapper;

/// The names in a folder as a JSON array, in order.
final class Listing {
  private static final JsonMapper JSON = new JsonMapper();

  private Listing() {}

  static String json(List<Folder.Listed> listed) {
    var array = JSON.createArrayNode();
    listed.stream()
        .sorted(Comparator.comparing(Folder.Listed::name))
        .forEach(each -> {
          var entry = array.addObject();
          entry.put("name", each.name());
          entry.put("type", each.attributes().isDirectory() ? "directory" : "file");
          if (!each.attributes().isDirectory()) {
            entry.put("size", each.attributes().size());
          }
          entry.put("modified", each.attributes().lastModifiedTime().toInstant().toString());
        });
    return array.toString();
  }
}

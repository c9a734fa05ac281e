package io.tidegate.plan;

import io.tidegate.config.Binding;
import io.tidegate.config.Fault;
import io.tidegate.config.Filesystem;
import io.tidegate.config.GatewayConfig;
import io.tidegate.config.HttpFilesystem;
import io.tidegate.config.Place;
import io.tidegate.config.Reference;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Set;

/// `http-filesystem` bindings, each route with its folder.
final class FileMappings {
  private static final Set<String> READING = Set.of("GET", "HEAD");

  private final GatewayConfig config;
  private final Faults faults;

  FileMappings(GatewayConfig config, Faults faults) {
    this.config = config;
    this.faults = faults;
  }

  FileMapping mapping(Binding binding, HttpFilesystem files) {
    var routes = new ArrayList<FileMapping.Route>();
    for (var route : files.routes()) {
      routes.add(
          new FileMapping.Route(
              KafkaMappings.guarded(route.guarded()),
              route.when().stream().map(this::when).toList(),
              folder(route.exit()),
              target(route.with())));
    }
    return new FileMapping(binding.namespace() + ":" + binding.name(), routes);
  }

  private FileMapping.When when(HttpFilesystem.Condition condition) {
    condition
        .method()
        .filter(method -> !READING.contains(method))
        .ifPresent(method ->
            faults.notYet(condition.place(), "a change of files (method " + method + ")"));
    return new FileMapping.When(
        condition.method(), condition.path().map(path -> Pattern.of(path.text())));
  }

  private FileMapping.Target target(HttpFilesystem.With with) {
    if (with.path().isPresent() && with.directory().isPresent()) {
      faults.add(
          Fault.of(
              with.place(),
              "a route cannot answer with a file and a list",
              "'path' or 'directory'"));
    }
    return with.path()
        .<FileMapping.Target>map(path -> new FileMapping.Target.File(below(path)))
        .orElseGet(() -> new FileMapping.Target.Listing(below(with.directory().orElseThrow())));
  }

  /// `.` is the folder itself.
  private static Template below(io.tidegate.config.Template path) {
    var template = Templates.of(path);
    return template
        .constant()
        .map(text -> text.equals(".") ? "" : text.startsWith("./") ? text.substring(2) : text)
        .map(Template::text)
        .orElse(template);
  }

  private FileMapping.Folder folder(Reference exit) {
    var options = ((Filesystem) config.binding(exit).protocol()).options();
    var location = beside(options.place(), options.location());
    if (!Files.isDirectory(location)) {
      faults.add(Fault.of(options.place(), "there is no folder " + location, "a folder"));
    }
    return new FileMapping.Folder(location.toAbsolutePath().normalize(), options.followsLinks());
  }

  /// Files are named as seen from the configuration.
  static Path beside(Place place, String file) {
    return place.file().contains("://")
        ? Path.of(file)
        : Path.of(place.file()).resolveSibling(file);
  }
}

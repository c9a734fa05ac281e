package io.tidegate.registry;

import io.tidegate.log.RecordLog;
import java.util.List;
import java.util.Optional;
import tools.jackson.databind.node.ObjectNode;

/// The smallest kind of thing: a text that is written, changed, and struck out for ever.
final class Notes implements Kind<String> {
  static final String STRUCK = "(struck)";

  static List<RecordLog.TopicSpec> topics() {
    return Registries.topics(List.of(new Notes()));
  }

  @Override
  public String name() {
    return "note";
  }

  @Override
  public String topic() {
    return "tidegate.notes";
  }

  @Override
  public String idField() {
    return "note";
  }

  @Override
  public Judgement<String> judge(Optional<String> present, Command command, long version) {
    var text = command.body().path("text").asString("");
    return switch (command.action()) {
      case "write" ->
          present.equals(Optional.of(STRUCK))
              ? Judgement.Rejected.of("revoked", "it was struck out")
              : new Judgement.Accepted<>(text);
      case "strike" -> new Judgement.Accepted<>(STRUCK);
      default -> Judgement.Rejected.of("unknown_action", "write or strike was expected");
    };
  }

  @Override
  public ObjectNode write(String value) {
    return Json.object().put("text", value);
  }

  @Override
  public String read(String id, long version, ObjectNode written) {
    return Json.text(written, "text");
  }

  static ObjectNode command(String action, String note, String text) {
    return Json.object().put("action", action).put("note", note).put("text", text);
  }
}

package io.tidegate.registry;

import io.tidegate.base.Bytes;
import io.tidegate.log.Entry;
import io.tidegate.log.RecordLog.Follower;
import io.tidegate.log.Stored;
import io.tidegate.registry.Judgement.Fault;
import java.util.ArrayList;
import java.util.List;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.node.ObjectNode;

/// Why commands were not applied: one record each, keyed by the command's name, for whoever waits
/// and whoever wonders. Ids are cut, since an endpoint's is a credential.
///
///     {"command":"…","offset":17,"action":"register","id":"0f3a11c2…","code":"exists","faults":[…]}
final class Rejections implements Follower {
  static final String TOPIC = "tidegate.rejections";

  private static final int MOST_FAULTS = 20;
  private static final int LONGEST = 300;

  private final BiConsumer<String, Outcome.Rejected> told;

  Rejections(BiConsumer<String, Outcome.Rejected> told) {
    this.told = told;
  }

  static Entry entry(long offset, @Nullable ObjectNode body, String id, Desk.Ruling.Refuse why) {
    var written = Json.object();
    var name = body == null ? "" : Intake.name(body);
    written.put("command", name);
    written.put("offset", offset);
    written.put("action", body == null ? "" : cut(Json.text(body, "action"), 32));
    written.put("id", cut(id, 8));
    written.put("code", why.code());
    var faults = written.putArray("faults");
    why.faults().stream()
        .limit(MOST_FAULTS)
        .forEach(fault ->
            faults
                .addObject()
                .put("pointer", cut(fault.pointer(), LONGEST))
                .put("message", cut(fault.message(), LONGEST)));
    var key = name.isEmpty() ? null : Bytes.utf8(name);
    return new Entry(TOPIC, key, List.of(), Json.write(written));
  }

  static String cut(String text, int longest) {
    return text.length() <= longest ? text : text.substring(0, longest) + "…";
  }

  @Override
  public void records(int partition, List<Stored> records, long next) {
    for (var record : records) {
      var key = record.key();
      var value = record.value();
      if (key != null && value != null) {
        try {
          told.accept(key.utf8(), read(Json.read(value)));
        } catch (IllegalArgumentException rubbish) {
          // somebody else's: nobody of ours waits for it
        }
      }
    }
  }

  private static Outcome.Rejected read(ObjectNode written) {
    var faults = new ArrayList<Fault>();
    for (var each : written.withArray("faults")) {
      if (each instanceof ObjectNode fault) {
        faults.add(new Fault(Json.text(fault, "pointer"), Json.text(fault, "message")));
      }
    }
    return new Outcome.Rejected(Json.text(written, "code"), faults);
  }

  @Override
  public void caughtUp(int partition, long next) {}
}

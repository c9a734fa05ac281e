package io.tidegate.files;

import io.tidegate.base.Bytes;
import io.tidegate.http.Headers;
import io.tidegate.http.Problem;
import io.tidegate.http.Reply;
import io.tidegate.http.Request;
import io.tidegate.http.Responder;
import java.io.IOException;
import java.nio.channels.SeekableByteChannel;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystemException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Executor;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// The answer to one request for a file or a list. Runs on a worker, and blocks.
final class FileAnswer {
  private static final Logger LOG = LoggerFactory.getLogger(FileAnswer.class);
  private static final String INDEX = "index.html";

  /// So much is read at once; more is sent piece by piece.
  private static final long SMALL = 64 << 10;

  private final Folder folder;
  private final Executor workers;
  private final Request request;
  private final Responder responder;

  FileAnswer(Folder folder, Executor workers, Request request, Responder responder) {
    this.folder = folder;
    this.workers = workers;
    this.request = request;
    this.responder = responder;
  }

  static Problem notFound() {
    return Problem.of(404, "not_found", "There is no such file.");
  }

  void file(SafePath path) {
    guarded(
        path,
        () -> {
          switch (folder.find(path.names())) {
            case Folder.Found.File file when path.isFolder() -> {
              file.content().close();
              responder.reply(Reply.of(notFound()));
            }
            case Folder.Found.File file -> answer(path.names().getLast(), file);
            case Folder.Found.Directory _ when path.isFolder() || path.names().isEmpty() ->
                index(path);
            case Folder.Found.Directory _ -> redirect(path.names());
            case Folder.Found.Nothing _ -> responder.reply(Reply.of(notFound()));
          }
        });
  }

  private void index(SafePath path) throws IOException {
    var names = new ArrayList<>(path.names());
    names.add(INDEX);
    switch (folder.find(names)) {
      case Folder.Found.File file -> answer(INDEX, file);
      case Folder.Found.Directory _, Folder.Found.Nothing _ ->
          responder.reply(Reply.of(notFound()));
    }
  }

  /// To the name with a slash, without which the links of an index would lead astray. Relative, so
  /// that it stays at this host whatever the path is.
  private void redirect(List<String> names) throws IOException {
    var index = new ArrayList<>(names);
    index.add(INDEX);
    var sent = request.path();
    if (sent.endsWith("/") || !(folder.find(index) instanceof Folder.Found.File file)) {
      responder.reply(Reply.of(notFound()));
      return;
    }
    file.content().close();
    var last = sent.substring(sent.lastIndexOf('/') + 1);
    var query = request.query().isEmpty() ? "" : "?" + request.query();
    responder.reply(Reply.of(301, Headers.of("location", "./" + last + "/" + query)));
  }

  private void answer(String name, Folder.Found.File file) throws IOException {
    var content = file.content();
    boolean isHandedOn = false;
    try {
      var facts = FileFacts.of(name, file.attributes(), content.size());
      if (facts.isKnownTo(request.headers())) {
        responder.reply(Reply.of(304, facts.validators()));
        return;
      }
      var range = facts.range(request);
      switch (range) {
        case ByteRange.Outside _ ->
            responder.reply(
                Reply.of(
                    Problem.of(416, "range_not_satisfiable", "The file is shorter than that.")
                        .with("content-range", "bytes */" + facts.size())));
        case ByteRange.Whole _ -> isHandedOn = send(200, facts.whole(), content, 0, facts.size());
        case ByteRange.Part part ->
            isHandedOn =
                send(206, facts.part(part), content, part.first(), part.last() - part.first() + 1);
      }
    } finally {
      if (!isHandedOn) {
        content.close();
      }
    }
  }

  /// True when the channel is now another's to close.
  private boolean send(
      int status, Headers headers, SeekableByteChannel content, long first, long length)
      throws IOException {
    var sized = headers.with("content-length", Long.toString(length));
    if (request.method().equals("HEAD")) {
      responder.reply(Reply.of(status, sized));
      return false;
    }
    content.position(first);
    if (length <= SMALL) {
      var piece = FilePump.read(content, (int) length);
      if (piece.size() != length) {
        throw new IOException("the file became shorter while it was read");
      }
      responder.reply(new Reply(status, headers, piece));
      return false;
    }
    var out = responder.open(status, sized);
    var pump = new FilePump(content, length, out, workers);
    responder.onGone(pump::stop);
    pump.run();
    return true;
  }

  void listing(SafePath path) {
    guarded(
        path,
        () -> {
          var listed = folder.list(path.names());
          if (listed.size() > Folder.MOST_ENTRIES) {
            responder.reply(
                Reply.of(
                    Problem.of(
                        500,
                        "too_many_files",
                        "There are more than " + Folder.MOST_ENTRIES + " files in this folder.")));
            return;
          }
          var headers = Headers.of("content-type", "application/json", "cache-control", "no-cache");
          responder.reply(new Reply(200, headers, Bytes.utf8(Listing.json(listed))));
        });
  }

  private interface Step {
    void run() throws IOException;
  }

  private void guarded(SafePath path, Step step) {
    try {
      step.run();
    } catch (AccessDeniedException denied) {
      LOG.atWarn().addKeyValue("path", path.names()).log("a file cannot be read: access denied");
      responder.reply(Reply.of(notFound()));
    } catch (FileSystemException missing) {
      responder.reply(Reply.of(notFound()));
    } catch (IOException | RuntimeException failed) {
      LOG.atError()
          .addKeyValue("request", request.id())
          .addKeyValue("path", path.names())
          .setCause(failed)
          .log("a file could not be read");
      responder.reply(Reply.of(Problem.of(500, "internal", "error " + request.id())));
    }
  }
}

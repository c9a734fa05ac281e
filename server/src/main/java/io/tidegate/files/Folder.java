package io.tidegate.files;

import io.tidegate.plan.FileMapping;
import java.io.IOException;
import java.nio.channels.SeekableByteChannel;
import java.nio.file.DirectoryStream;
import java.nio.file.FileSystemLoopException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.nio.file.OpenOption;
import java.nio.file.Path;
import java.nio.file.SecureDirectoryStream;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributeView;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Set;

/// A folder whose files are handed out, and nothing outside of it.
///
/// Where links are not followed, every step goes from one open folder to the next and refuses to
/// pass a link, so that one put there in between does not help. Where they are, they lead wherever
/// they lead. Blocks.
sealed interface Folder {
  int MOST_ENTRIES = 10_000;

  /// What stands at a path.
  sealed interface Found {
    /// The reader must close `content`.
    record File(SeekableByteChannel content, BasicFileAttributes attributes) implements Found {}

    record Directory() implements Found {}

    record Nothing() implements Found {}
  }

  /// One name in a folder.
  record Listed(String name, BasicFileAttributes attributes) {}

  Found find(List<String> names) throws IOException;

  /// Nothing there, hidden or behind a link that is not followed: left out. One more than may be
  /// means there are too many.
  List<Listed> list(List<String> names) throws IOException;

  static Folder of(FileMapping.Folder folder) {
    return folder.followsLinks() ? new Open(folder.location()) : new Closed(folder.location());
  }

  private static boolean isSame(BasicFileAttributes one, BasicFileAttributes other) {
    return Objects.equals(one.fileKey(), other.fileKey())
        && one.lastModifiedTime().equals(other.lastModifiedTime())
        && one.size() == other.size();
  }

  private static boolean isHidden(Path name) {
    return name.toString().startsWith(".");
  }

  /// Follows links.
  record Open(Path location) implements Folder {
    private Path at(List<String> names) {
      var path = location;
      for (var name : names) {
        path = path.resolve(name);
      }
      return path;
    }

    @Override
    public Found find(List<String> names) throws IOException {
      return look(at(names));
    }

    static Found look(Path path, LinkOption... links) throws IOException {
      try {
        var before = Files.readAttributes(path, BasicFileAttributes.class, links);
        if (before.isDirectory()) {
          return new Found.Directory();
        }
        return before.isRegularFile()
            ? new Found.File(Files.newByteChannel(path, reading(links)), before)
            : new Found.Nothing();
      } catch (NoSuchFileException | NotDirectoryException | FileSystemLoopException gone) {
        return new Found.Nothing();
      }
    }

    private static Set<OpenOption> reading(LinkOption... links) {
      return links.length == 0
          ? Set.of(StandardOpenOption.READ)
          : Set.of(StandardOpenOption.READ, LinkOption.NOFOLLOW_LINKS);
    }

    @Override
    public List<Listed> list(List<String> names) throws IOException {
      var listed = new ArrayList<Listed>();
      try (var folder = Files.newDirectoryStream(at(names))) {
        for (var each : folder) {
          if (!isHidden(each.getFileName())
              && Files.exists(each)
              && listed.size() <= MOST_ENTRIES) {
            listed.add(
                new Listed(
                    each.getFileName().toString(),
                    Files.readAttributes(each, BasicFileAttributes.class)));
          }
        }
      }
      return listed;
    }
  }

  /// Passes no link.
  record Closed(Path location) implements Folder {
    private interface Visit<T> {
      T at(SecureDirectoryStream<Path> folder) throws IOException;
    }

    @Override
    public Found find(List<String> names) throws IOException {
      if (names.isEmpty()) {
        return new Found.Directory();
      }
      var name = Path.of(names.getLast());
      return walk(names.subList(0, names.size() - 1), folder -> look(folder, name));
    }

    @Override
    public List<Listed> list(List<String> names) throws IOException {
      return walk(
          names,
          folder -> {
            var listed = new ArrayList<Listed>();
            for (var each : folder) {
              var name = each.getFileName();
              var attributes = attributes(folder, name);
              if (!isHidden(name)
                  && (attributes.isRegularFile() || attributes.isDirectory())
                  && listed.size() <= MOST_ENTRIES) {
                listed.add(new Listed(name.toString(), attributes));
              }
            }
            return listed;
          });
    }

    private <T> T walk(List<String> names, Visit<T> visit) throws IOException {
      try (var root = Files.newDirectoryStream(location)) {
        return walk(secure(root), names, visit);
      }
    }

    private static <T> T walk(
        SecureDirectoryStream<Path> folder, List<String> names, Visit<T> visit) throws IOException {
      if (names.isEmpty()) {
        return visit.at(folder);
      }
      var name = Path.of(names.getFirst());
      try (var next = folder.newDirectoryStream(name, LinkOption.NOFOLLOW_LINKS)) {
        return walk(next, names.subList(1, names.size()), visit);
      }
    }

    private static SecureDirectoryStream<Path> secure(DirectoryStream<Path> folder) {
      if (folder instanceof SecureDirectoryStream<Path> secure) {
        return secure;
      }
      throw new UnsupportedOperationException(
          "this system cannot keep links out; set 'symlinks: follow'");
    }

    private static BasicFileAttributes attributes(SecureDirectoryStream<Path> folder, Path name)
        throws IOException {
      return folder
          .getFileAttributeView(name, BasicFileAttributeView.class, LinkOption.NOFOLLOW_LINKS)
          .readAttributes();
    }

    /// Looks again after opening, so that tag and content belong together.
    private static Found look(SecureDirectoryStream<Path> folder, Path name) throws IOException {
      for (int attempt = 0; attempt < 3; attempt++) {
        var before = attributes(folder, name);
        if (before.isDirectory()) {
          return new Found.Directory();
        }
        if (!before.isRegularFile()) {
          return new Found.Nothing();
        }
        var content =
            folder.newByteChannel(name, Set.of(StandardOpenOption.READ, LinkOption.NOFOLLOW_LINKS));
        if (isSame(before, attributes(folder, name))) {
          return new Found.File(content, before);
        }
        content.close();
      }
      throw new IOException("the file does not stop changing");
    }
  }
}

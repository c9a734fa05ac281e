# Sourced. find_jdk sets and exports JAVA_HOME to the first JDK of version 25 or newer that it finds.

jdk_version() { # the feature version of the JDK in folder $1, or nothing
  [ -x "$1/bin/javac" ] && sed -n 's/^JAVA_VERSION="\([0-9]*\).*/\1/p' "$1/release" 2>/dev/null
}

find_jdk() {
  local candidate version on_path=""
  if command -v javac >/dev/null 2>&1; then
    on_path=$(dirname "$(dirname "$(readlink -f "$(command -v javac)")")")
  fi
  for candidate in "${TIDEGATE_JAVA_HOME:-}" "${JAVA_HOME:-}" "$on_path" \
    /usr/lib/jvm/*25* /usr/lib/jvm/* "$HOME"/.sdkman/candidates/java/* \
    /Library/Java/JavaVirtualMachines/*/Contents/Home /opt/homebrew/opt/openjdk*/libexec/openjdk.jdk/Contents/Home; do
    [ -n "$candidate" ] || continue
    version=$(jdk_version "$candidate") || continue
    if [ -n "$version" ] && [ "$version" -ge 25 ]; then
      export JAVA_HOME="$candidate"
      return 0
    fi
  done
  cat >&2 <<'TXT'
tidegate: no JDK 25 or newer was found (looked at TIDEGATE_JAVA_HOME, JAVA_HOME, PATH, /usr/lib/jvm, SDKMAN).
Install one, for example Temurin 25 (package temurin-25-jdk, or `sdk install java 25-tem`), or set JAVA_HOME to it.
TXT
  return 1
}

package tidefs.nfs4;

import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import org.jspecify.annotations.Nullable;
import tidefs.fs.Credentials;
import tidefs.nfs4.state.Principal;
import tidefs.rpc.AuthNone;
import tidefs.rpc.AuthSys;
import tidefs.rpc.Connection;

/** What is kept with a connection: what it sees, and as whom its last sender acts. */
final class Peer {
  private final Connection connection;
  private @Nullable Export export;
  private @Nullable CompletableFuture<Optional<Export>> asked;
  private tidefs.rpc.@Nullable Credentials sender;
  private Credentials actingFor = new Credentials(Export.NOBODY, Export.NOBODY);

  Peer(Connection connection) {
    this.connection = connection;
  }

  /** The connection. */
  Connection connection() {
    return connection;
  }

  /** What the connection sees, once that is known. On its event loop. */
  @Nullable Export export() {
    return export;
  }

  /** The connection sees this from now on. On its event loop. */
  void see(Export now) {
    export = now;
    sender = null;
  }

  /** The answer to the question what the connection sees, asked when it is first needed. */
  CompletableFuture<Optional<Export>> asked(Exports exports, Executor workers) {
    CompletableFuture<Optional<Export>> question = asked;
    if (question == null) {
      question = CompletableFuture.supplyAsync(() -> exports.of(connection), workers);
      asked = question;
    }
    return question;
  }

  /** As whom the sender of {@code credentials} acts. On the event loop. */
  @SuppressWarnings("ReferenceEquality") // Equal credentials in succession are one instance.
  Credentials actingFor(tidefs.rpc.Credentials credentials, Export its) {
    if (credentials != sender) {
      actingFor = its.identity().of(credentials);
      sender = credentials;
    }
    return actingFor;
  }

  /** Who establishes clients with {@code credentials}. */
  static Principal principal(tidefs.rpc.Credentials credentials) {
    return switch (credentials) {
      case AuthSys sys -> new Principal(1, sys.uid());
      case AuthNone _ -> new Principal(0, 0);
    };
  }
}

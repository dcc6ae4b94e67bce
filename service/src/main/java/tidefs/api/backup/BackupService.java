package tidefs.api.backup;

import java.nio.charset.StandardCharsets;
import java.util.Optional;
import tidefs.api.Exchange;
import tidefs.api.Permission;
import tidefs.api.Reply;
import tidefs.api.Service;
import tidefs.api.ServiceError;
import tidefs.iam.Caller;
import tidefs.iam.policy.Authorizer;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.json.JsonMapper;

/**
 * Making, listing, restoring, verifying and deleting backups: requests signed for the service
 * {@code backup}, whose answers are lines of text.
 */
public final class BackupService implements Service {
  private static final String TEXT = "text/plain; charset=utf-8";

  private final Backups backups;
  private final Authorizer authorizer;

  /** What the requests are carried out with. Answers tell people what was done. */
  public interface Backups {
    /** Makes a backup of a file system. */
    String create(String fileSystemId) throws ServiceError;

    /** Makes a backup of the whole server. */
    String createServer() throws ServiceError;

    /** All backups, a line each. */
    String list() throws ServiceError;

    /** Restores a backup into a new file system. */
    String restore(String backupId) throws ServiceError;

    /** Reads a backup whole, and checks it. */
    String verify(String backupId) throws ServiceError;

    /** Removes a backup. */
    String delete(String backupId) throws ServiceError;
  }

  /** The service over {@code backups}. */
  public BackupService(Backups backups, Authorizer authorizer) {
    this.backups = backups;
    this.authorizer = authorizer;
  }

  @Override
  public String signingName() {
    return "backup";
  }

  @Override
  public boolean resembles(Exchange exchange) {
    return exchange.header("x-amz-target").orElse("").startsWith("TideFSBackup.");
  }

  @Override
  public Reply serve(Exchange exchange, Caller caller) throws ServiceError {
    String target = exchange.header("x-amz-target").orElse("");
    String text =
        switch (target) {
          case "TideFSBackup.Create" -> {
            allow(caller, exchange, "StartBackupJob");
            yield backups.create(member(exchange, "FileSystemId"));
          }
          case "TideFSBackup.CreateServer" -> {
            allow(caller, exchange, "StartBackupJob");
            yield backups.createServer();
          }
          case "TideFSBackup.List" -> {
            allow(caller, exchange, "ListRecoveryPointsByBackupVault");
            yield backups.list();
          }
          case "TideFSBackup.Restore" -> {
            allow(caller, exchange, "StartRestoreJob");
            yield backups.restore(member(exchange, "BackupId"));
          }
          case "TideFSBackup.Verify" -> {
            allow(caller, exchange, "ListRecoveryPointsByBackupVault");
            yield backups.verify(member(exchange, "BackupId"));
          }
          case "TideFSBackup.Delete" -> {
            allow(caller, exchange, "DeleteRecoveryPoint");
            yield backups.delete(member(exchange, "BackupId"));
          }
          default ->
              throw new ServiceError(
                  400, "UnknownOperationException", "There is no operation '" + target + "'.");
        };
    return Reply.of(200, TEXT, text.getBytes(StandardCharsets.UTF_8));
  }

  private void allow(Caller caller, Exchange exchange, String action) throws ServiceError {
    if (!Permission.isGranted(authorizer, caller, exchange, "backup:" + action, "*")) {
      throw new ServiceError(
          403,
          "AccessDeniedException",
          "User: " + caller.arn() + " is not authorized to perform: backup:" + action);
    }
  }

  private static String member(Exchange exchange, String name) throws ServiceError {
    try {
      Optional<String> value =
          JsonMapper.shared().readTree(exchange.body()).path(name).asStringOpt();
      return value.orElseThrow(() -> ServiceError.validation(name + " is missing."));
    } catch (JacksonException e) {
      throw ServiceError.serialization("The body is not JSON.");
    }
  }

  @Override
  public Reply render(ServiceError error, Exchange exchange) {
    String text = error.code() + ": " + error.message();
    return Reply.of(error.status(), TEXT, text.getBytes(StandardCharsets.UTF_8));
  }
}

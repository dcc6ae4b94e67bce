package tidefs.server;

import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.concurrent.locks.LockSupport;
import tidefs.cli.CommandException;
import tidefs.cli.ExitCode;
import tidefs.control.ApiRefusal;
import tidefs.control.Control;
import tidefs.control.FileSystem;
import tidefs.control.FileSystemDescription;
import tidefs.control.LifeCycleState;
import tidefs.control.MountTarget;
import tidefs.control.MountTargetDescription;
import tidefs.control.NewFileSystem;
import tidefs.control.NewMountTarget;
import tidefs.control.PageRequest;
import tidefs.control.PerformanceMode;
import tidefs.control.Tags;

/** The mount target that a new user is pointed to: the first there is, made if there is none. */
final class FirstMountTarget {
  private static final String TOKEN = "tidefs-up";
  private static final long POLL_NANOS = 10_000_000;
  private static final int POLLS = 3_000;

  private final Control control;

  FirstMountTarget(Control control) {
    this.control = control;
  }

  /** The mount target, once it can be mounted. */
  MountTarget get() {
    try {
      FileSystem fileSystem = fileSystem();
      return mountTarget(fileSystem.id());
    } catch (ApiRefusal e) {
      throw new CommandException(ExitCode.FAILED, e.message(), e);
    }
  }

  private FileSystem fileSystem() throws ApiRefusal {
    List<FileSystemDescription> all =
        control
            .fileSystems()
            .describe(Optional.empty(), Optional.empty(), PageRequest.FIRST)
            .entries();
    String id = all.isEmpty() ? create().id() : all.getFirst().fileSystem().id();
    for (int i = 0; i < POLLS; i++) {
      FileSystem found = control.fileSystems().describe(id).fileSystem();
      switch (found.state()) {
        case AVAILABLE, UPDATING -> {
          return found;
        }
        case CREATING -> LockSupport.parkNanos(this, POLL_NANOS);
        case ERROR, DELETING -> throw notServed("file system " + id, found.state());
      }
    }
    throw notServed("file system " + id, LifeCycleState.CREATING);
  }

  private MountTarget mountTarget(String fileSystemId) throws ApiRefusal {
    List<MountTargetDescription> all =
        control.mountTargets().ofFileSystem(fileSystemId, PageRequest.FIRST).entries();
    String id =
        all.isEmpty()
            ? control
                .mountTargets()
                .create(
                    new NewMountTarget(
                        fileSystemId,
                        control.network().subnets().getFirst().id(),
                        Optional.empty(),
                        List.of()))
                .mountTarget()
                .id()
            : all.getFirst().mountTarget().id();
    for (int i = 0; i < POLLS; i++) {
      MountTarget found =
          control.mountTargets().withId(id, PageRequest.FIRST).entries().getFirst().mountTarget();
      switch (found.state()) {
        case AVAILABLE, UPDATING -> {
          return found;
        }
        case CREATING -> LockSupport.parkNanos(this, POLL_NANOS);
        case ERROR, DELETING -> throw notServed("mount target " + id, found.state());
      }
    }
    throw notServed("mount target " + id, LifeCycleState.CREATING);
  }

  private FileSystem create() throws ApiRefusal {
    return control
        .fileSystems()
        .create(
            new NewFileSystem(
                TOKEN,
                PerformanceMode.GENERAL_PURPOSE,
                new NewFileSystem.Encryption(false, Optional.empty()),
                Optional.empty(),
                OptionalDouble.empty(),
                Optional.empty(),
                Optional.empty(),
                Tags.NONE))
        .fileSystem();
  }

  private static CommandException notServed(String what, LifeCycleState state) {
    return new CommandException(
        ExitCode.FAILED, what + " is in state '" + state.wireName() + "'; the log above says why.");
  }
}

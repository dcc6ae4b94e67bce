package tidefs.control;

/** A file system with what is counted about it. */
public record FileSystemDescription(FileSystem fileSystem, int mountTargets, MeteredSize size) {}

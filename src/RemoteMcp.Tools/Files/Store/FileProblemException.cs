using ModelContextProtocol;

namespace RemoteMcp.Tools.Files.Store;

/// <summary>The reason why a path cannot be used.</summary>
internal enum FileProblem
{
    /// <summary>The path does not exist.</summary>
    NotFound,

    /// <summary>The path is a directory, but a file is required.</summary>
    IsDirectory,

    /// <summary>The path is a file, but a directory is required.</summary>
    IsFile,

    /// <summary>The path is a device, pipe or socket.</summary>
    NotRegular,

    /// <summary>The path contains a symbolic link that is absolute, leads out of the root or is part of a cycle.</summary>
    LeavesRoot,

    /// <summary>The operating system or the storage account does not allow the server to read the path.</summary>
    AccessDenied,

    /// <summary>The path ends with a symbolic link. The target of a link cannot be changed through the link.</summary>
    IsLink,

    /// <summary>The directory is not empty.</summary>
    NotEmpty,

    /// <summary>The operating system does not accept the name.</summary>
    InvalidName,

    /// <summary>The operating system does not allow the server to change the path.</summary>
    ChangeDenied,

    /// <summary>The entry has changed since the decision to change it.</summary>
    Changed,

    /// <summary>The file has changed since the server began to read it.</summary>
    ChangedWhileRead,

    /// <summary>Other programs trust the files at the path, and the operator does not allow changes to them.</summary>
    Protected,

    /// <summary>The file is too large to be replaced.</summary>
    TooLargeToReplace,

    /// <summary>The blob is in the archive tier.</summary>
    Archived,
}

/// <summary>
/// The exception for a path that cannot be used, for a reason that the caller is allowed to know. The caller gets the message.
/// </summary>
/// <param name="problem">The problem.</param>
/// <param name="path">The path from the caller.</param>
internal sealed class FileProblemException(FileProblem problem, FilePath path) : McpException(Describe(problem, path))
{
    /// <summary>Gets the problem.</summary>
    public FileProblem Problem { get; } = problem;

    private static string Describe(FileProblem problem, FilePath path) => problem switch
    {
        FileProblem.NotFound => $"path: '{path}' does not exist. Use list_directory to see the existing files.",
        FileProblem.IsDirectory => $"path: '{path}' is a directory. Use list_directory for its entries, or specify a file in it.",
        FileProblem.IsFile => $"path: '{path}' is a file. Use read_file for its content, or specify a directory.",
        FileProblem.NotRegular => $"path: '{path}' is a device, pipe or socket. Only regular files can be used.",
        FileProblem.LeavesRoot => $"path: '{path}' goes through a symbolic link that is absolute, leads out of the shared folder, or forms "
            + "a loop. Only relative links that stay inside are followed.",
        FileProblem.AccessDenied => $"path: the server has no permission to read '{path}'. "
            + "Choose another path, or ask the operator for access.",
        FileProblem.IsLink => $"path: '{path}' is a symbolic link. Specify its target instead.",
        FileProblem.NotEmpty => $"path: '{path}' is a directory that is not empty. Delete its entries first.",
        FileProblem.InvalidName => $"path: '{path}' has a name that is too long, or that is reserved on this system. Choose another name.",
        FileProblem.ChangeDenied => $"path: the server has no permission to change '{path}'. "
            + "Choose another path, or ask the operator for access.",
        FileProblem.Changed => $"path: '{path}' was changed by someone else in the meantime. Nothing was done. Check the current "
            + "version first.",
        FileProblem.ChangedWhileRead => $"path: '{path}' was changed or replaced while it was read. Read it again from the start.",
        FileProblem.Protected => $"path: '{path}' leads to a name that starts with a dot, or into a Git repository. Programs such as Git, "
            + "SSH and shells execute or trust such files, so they are not changed. Choose another path, or ask the operator to allow the "
            + "name (RemoteMcp:Files:AllowedDotNames).",
        FileProblem.TooLargeToReplace => $"path: '{path}' is too large to be replaced while its encoding and line breaks are kept. Write "
            + "to another path, or delete the file first.",
        FileProblem.Archived => $"path: '{path}' is in the storage's archive tier and must be rehydrated before it can be read. Choose "
            + "another file, or ask the operator.",
        _ => throw new ArgumentOutOfRangeException(nameof(problem), problem, null),
    };
}

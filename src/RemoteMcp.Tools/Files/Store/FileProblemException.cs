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
    LeadsOut,

    /// <summary>The operating system or the storage account does not allow the server to read the path.</summary>
    AccessDenied,

    /// <summary>The path ends with a symbolic link. The target of a link cannot be changed through the link.</summary>
    IsLink,

    /// <summary>The directory is not empty.</summary>
    NotEmpty,

    /// <summary>The operating system does not accept the name.</summary>
    NotAName,

    /// <summary>The operating system does not allow the server to change the path.</summary>
    ChangeDenied,

    /// <summary>The entry has changed since the decision to change it.</summary>
    Changed,

    /// <summary>The file has changed since the server began to read it.</summary>
    ChangedWhileRead,

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
        FileProblem.NotFound => $"path: '{path}' does not exist. Use list_directory to see what there is.",
        FileProblem.IsDirectory => $"path: '{path}' is a directory. Use list_directory for its entries, or name a file in it.",
        FileProblem.IsFile => $"path: '{path}' is a file. Use read_file for its content, or name a directory.",
        FileProblem.NotRegular => $"path: '{path}' is a device, pipe or socket. Only regular files can be used.",
        FileProblem.LeadsOut => $"path: '{path}' goes through a symbolic link that is absolute, leads out of the shared folder or runs in circles. Only relative links that stay inside are followed.",
        FileProblem.AccessDenied => $"path: the server has no permission to read '{path}'. Choose another path, or ask the operator for access.",
        FileProblem.IsLink => $"path: '{path}' is a symbolic link. Name the file that it leads to.",
        FileProblem.NotEmpty => $"path: '{path}' is a directory with entries. Delete these first.",
        FileProblem.NotAName => $"path: '{path}' has a name that is too long, or that this system keeps for something else. Choose another one.",
        FileProblem.ChangeDenied => $"path: the server has no permission to change '{path}'. Choose another path, or ask the operator for access.",
        FileProblem.Changed => $"path: '{path}' was changed by someone else meanwhile. Nothing was done: look at it again first.",
        FileProblem.ChangedWhileRead => $"path: '{path}' was changed or replaced while it was read. Read it again from the start.",
        FileProblem.Archived => $"path: '{path}' is in the storage's archive tier and has to be rehydrated before it can be read. Choose another file, or ask the operator.",
        _ => throw new ArgumentOutOfRangeException(nameof(problem), problem, null),
    };
}

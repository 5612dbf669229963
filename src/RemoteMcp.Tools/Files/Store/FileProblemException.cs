using ModelContextProtocol;

namespace RemoteMcp.Tools.Files.Store;

/// <summary>Why a path cannot be used.</summary>
internal enum FileProblem
{
    /// <summary>Nothing is there.</summary>
    NotFound,

    /// <summary>A file was asked for and a directory is there.</summary>
    IsDirectory,

    /// <summary>A directory was asked for and a file is there.</summary>
    IsFile,

    /// <summary>A device, pipe or socket is there.</summary>
    NotRegular,

    /// <summary>A symbolic link on the way is absolute, leads out of the root or runs in circles.</summary>
    LeadsOut,

    /// <summary>The operating system or storage account does not let the server read it.</summary>
    AccessDenied,

    /// <summary>A symbolic link is at the end of the path, and what it leads to cannot be changed through it.</summary>
    IsLink,

    /// <summary>A directory has entries.</summary>
    NotEmpty,

    /// <summary>The operating system does not take this name.</summary>
    NotAName,

    /// <summary>The operating system does not let the server change it.</summary>
    ChangeDenied,

    /// <summary>It is not what it was when the change was decided on.</summary>
    Changed,

    /// <summary>It is not what it was when reading it began.</summary>
    ChangedWhileRead,

    /// <summary>A blob is in the archive tier.</summary>
    Archived,
}

/// <summary>A path cannot be used, and the caller can know why. The message is what the caller reads.</summary>
/// <param name="problem">What is wrong.</param>
/// <param name="path">The path, as it was asked for.</param>
internal sealed class FileProblemException(FileProblem problem, FilePath path) : McpException(Describe(problem, path))
{
    /// <summary>What is wrong.</summary>
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

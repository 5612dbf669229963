using RemoteMcp.Clients;

namespace RemoteMcp.Cli.Clients;

/// <summary>
/// Represents a configuration file to write, after its links are resolved. A link can come with a project that somebody else wrote, so a
/// link must not lead out of the folder to which the file belongs.
/// </summary>
/// <param name="FullName">The path without links.</param>
/// <param name="HasLink">A value that indicates whether a link below the folder led to this path.</param>
internal sealed record ConfigPath(string FullName, bool HasLink)
{
    private const int MaxLinks = 40;

    private static readonly StringComparison s_comparison =
        OperatingSystem.IsLinux() ? StringComparison.Ordinal : StringComparison.OrdinalIgnoreCase;

    /// <summary>
    /// Returns the folder to which a file belongs: the project, the home folder, or for a file elsewhere the folder that contains it. Many
    /// people keep the files of their clients in a repository below their home folder, and link to it.
    /// </summary>
    public static string FolderOf(string path, UserEnvironment environment) =>
        new[] { environment.WorkingDirectory, environment.Home }.Where(folder => Contains(folder, path))
            .MaxBy(static folder => folder.Length) ?? Path.GetDirectoryName(path)!;

    /// <summary>Resolves the links in a path.</summary>
    /// <param name="path">The full path of the file.</param>
    /// <param name="folder">The full path of the folder to which the file belongs.</param>
    /// <param name="option">How the user gives another path to the command, for the error, such as <c>--write</c>.</param>
    /// <exception cref="ConfigFileException">A link leads out of the folder.</exception>
    /// <exception cref="IOException">The path has too many links.</exception>
    public static ConfigPath Resolve(string path, string folder, string option)
    {
        var (real, realFolder) = (RealPath(path), RealPath(folder));
        if (!Contains(realFolder, real))
        {
            throw new ConfigFileException(
                $"{path} leads through a link to {real}, outside of {folder}. Nothing was written. "
                + $"To change that file, specify it: {option} {real}");
        }

        var direct = Path.Combine(realFolder, Path.GetRelativePath(folder, path));
        return new(real, HasLink: !string.Equals(direct, real, s_comparison));
    }

    private static bool Contains(string folder, string path) =>
        path.StartsWith(Path.EndsInDirectorySeparator(folder) ? folder : folder + Path.DirectorySeparatorChar, s_comparison);

    // .NET resolves only a link at the end of a path. The parts that do not exist stay as they are.
    private static string RealPath(string path)
    {
        var current = Path.GetPathRoot(path)!;
        var rest = new Stack<string>(Parts(path).Reverse());
        for (var links = 0; rest.TryPop(out var part);)
        {
            if (part == "..")
            {
                current = Path.GetDirectoryName(current) ?? current;
                continue;
            }

            var next = Path.Combine(current, part);
            if (new FileInfo(next).LinkTarget is not { } target)
            {
                current = next;
                continue;
            }

            if (++links > MaxLinks)
            {
                throw new IOException("The path has too many links.");
            }

            current = Path.IsPathRooted(target) ? Path.GetPathRoot(Path.GetFullPath(target))! : current;
            foreach (var added in Parts(target).Reverse())
            {
                rest.Push(added);
            }
        }

        return current;
    }

    private static IEnumerable<string> Parts(string path) =>
        path[Path.GetPathRoot(path)!.Length..].Split(Path.DirectorySeparatorChar, Path.AltDirectorySeparatorChar)
            .Where(static part => part.Length > 0 && part != ".");
}

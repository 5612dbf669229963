using ModelContextProtocol;
using RemoteMcp.Tools.Files.Store;

namespace RemoteMcp.Tools.Files;

/// <summary>Parses the <c>path</c> argument of the file tools.</summary>
internal static class PathArgument
{
    /// <summary>Parses the argument.</summary>
    /// <exception cref="McpException">The text is not a valid path below the root.</exception>
    public static FilePath Parse(string? text) =>
        FilePath.TryParse(text, out var path, out var problem)
            ? path
            : throw new McpException($"path: {SafeText.Quote(text!)} {problem}. Use a path relative to the shared folder with '/' between "
                + "names, such as 'src/app.cs'. '.' is the folder itself.");
}

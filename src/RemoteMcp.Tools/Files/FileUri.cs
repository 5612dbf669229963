using RemoteMcp.Tools.Files.Store;

namespace RemoteMcp.Tools.Files;

/// <summary>The URIs under which files are resources: the shared folder is the root of <c>file:///</c>.</summary>
internal static class FileUri
{
    /// <summary>The template (RFC 6570); <c>+</c> lets the path keep its slashes.</summary>
    public const string Template = "file:///{+path}";

    /// <summary>The URI of a file, each name percent-encoded.</summary>
    public static string Of(FilePath path) => "file:///" + string.Join('/', path.Value.Split('/').Select(Uri.EscapeDataString));
}

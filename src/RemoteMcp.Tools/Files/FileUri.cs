using RemoteMcp.Tools.Files.Store;

namespace RemoteMcp.Tools.Files;

/// <summary>Creates the URIs of file resources. The shared folder is the root of <c>file:///</c>.</summary>
internal static class FileUri
{
    /// <summary>The URI template (RFC 6570). The <c>+</c> operator keeps the slashes of the path.</summary>
    public const string Template = "file:///{+path}";

    /// <summary>Returns the URI of a file. Each name is percent-encoded.</summary>
    public static string Of(FilePath path) => "file:///" + string.Join('/', path.Value.Split('/').Select(Uri.EscapeDataString));
}

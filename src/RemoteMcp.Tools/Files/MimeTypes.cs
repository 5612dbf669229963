using Microsoft.AspNetCore.StaticFiles;
using RemoteMcp.Tools.Files.Store;

namespace RemoteMcp.Tools.Files;

/// <summary>Media types by file extension.</summary>
internal static class MimeTypes
{
    /// <summary>The type of text of which no more is known.</summary>
    public const string Text = "text/plain";

    private static readonly FileExtensionContentTypeProvider Known = Create();

    /// <summary>The type that a file's name suggests, or <see langword="null"/>.</summary>
    public static string? Of(FilePath path) => Known.TryGetContentType(path.Name, out string? type) ? type : null;

    /// <summary>The type of a file whose content was seen.</summary>
    public static string Of(FilePath path, bool isText) => (Of(path), isText) switch
    {
        ({ } type, true) when IsTextual(type) => type,
        (_, true) => Text,
        ({ } type, false) when !IsTextual(type) => type,
        _ => "application/octet-stream",
    };

    private static bool IsTextual(string type) =>
        type.StartsWith("text/", StringComparison.Ordinal)
        || type.EndsWith("json", StringComparison.Ordinal)
        || type.EndsWith("xml", StringComparison.Ordinal)
        || type.EndsWith("javascript", StringComparison.Ordinal);

    private static FileExtensionContentTypeProvider Create()
    {
        var provider = new FileExtensionContentTypeProvider();
        // What a web server takes for video or leaves out is source code in a shared folder.
        foreach (string extension in (string[])[".ts", ".mts", ".cts", ".tsx", ".cs", ".py", ".go", ".rs", ".sh", ".ps1", ".yml", ".yaml", ".toml", ".ini", ".log", ".sql", ".bicep"])
        {
            provider.Mappings[extension] = Text;
        }

        return provider;
    }
}

using Microsoft.AspNetCore.StaticFiles;
using RemoteMcp.Tools.Files.Store;

namespace RemoteMcp.Tools.Files;

/// <summary>Returns media types by file extension.</summary>
internal static class MimeTypes
{
    /// <summary>The media type of text without a known type.</summary>
    public const string Text = "text/plain";

    private static readonly FileExtensionContentTypeProvider s_known = Create();

    /// <summary>Returns the media type for the name of a file, or <see langword="null"/> if the extension is unknown.</summary>
    public static string? Of(FilePath path) => s_known.TryGetContentType(path.Name, out var type) ? type : null;

    /// <summary>Returns the media type of a file if it is known whether the content is text.</summary>
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
        // A web server does not know these extensions or treats them as video. In a shared folder they are source code.
        foreach (var extension in (string[])[".ts", ".mts", ".cts", ".tsx", ".cs", ".py", ".go",
            ".rs", ".sh", ".ps1", ".yml", ".yaml", ".toml", ".ini", ".log", ".sql", ".bicep"])
        {
            provider.Mappings[extension] = Text;
        }

        return provider;
    }
}

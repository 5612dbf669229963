using System.Security.Cryptography;
using System.Text;

namespace RemoteMcp.Web;

/// <summary>Represents an inline style sheet or script of a page. The assembly embeds the files of the <c>Assets</c> folders.</summary>
internal sealed class PageAsset
{
    private PageAsset(string text)
    {
        Text = text;
        HashSource = $"'sha256-{Convert.ToBase64String(SHA256.HashData(Encoding.UTF8.GetBytes(text)))}'";
    }

    /// <summary>Gets the exact text between the tags.</summary>
    public string Text { get; }

    /// <summary>Gets the source expression that allows only this text (CSP Level 3, section 2.3.1).</summary>
    public string HashSource { get; }

    /// <summary>Reads embedded files and joins them to one asset.</summary>
    /// <param name="paths">The paths of the files in this project, for example <c>Web/Assets/base.css</c>.</param>
    public static PageAsset Read(params IEnumerable<string> paths) => new(string.Concat(paths.Select(ReadText)));

    private static string ReadText(string path)
    {
        using var stream = typeof(PageAsset).Assembly.GetManifestResourceStream($"{nameof(RemoteMcp)}.{path.Replace('/', '.')}")
            ?? throw new InvalidOperationException($"The project does not embed {path}.");
        using var reader = new StreamReader(stream, Encoding.UTF8);
        // Browsers normalize line breaks to LF before they compute the hash. A checkout on Windows can have CRLF.
        return reader.ReadToEnd().ReplaceLineEndings("\n");
    }
}

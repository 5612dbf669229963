using System.Security.Cryptography;
using System.Text;

namespace RemoteMcp.HomePage;

/// <summary>Represents an inline style sheet or script of the page. The assembly embeds the files of <c>HomePage/Assets</c>.</summary>
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

    /// <summary>Reads an embedded asset.</summary>
    public static PageAsset Read(string fileName)
    {
        using var stream = typeof(PageAsset).Assembly.GetManifestResourceStream(typeof(PageAsset), $"Assets.{fileName}")
            ?? throw new InvalidOperationException($"The project does not embed HomePage/Assets/{fileName}.");
        using var reader = new StreamReader(stream, Encoding.UTF8);
        // Browsers normalize line breaks to LF before they compute the hash. A checkout on Windows can have CRLF.
        return new PageAsset(reader.ReadToEnd().ReplaceLineEndings("\n"));
    }
}

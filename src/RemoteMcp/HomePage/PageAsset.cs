using System.Security.Cryptography;
using System.Text;

namespace RemoteMcp.HomePage;

/// <summary>A style sheet or script that is part of the page itself, embedded in the assembly as <c>Pages/Assets</c> has it.</summary>
internal sealed class PageAsset
{
    private PageAsset(string text)
    {
        Text = text;
        HashSource = $"'sha256-{Convert.ToBase64String(SHA256.HashData(Encoding.UTF8.GetBytes(text)))}'";
    }

    /// <summary>What stands between the tags, to the byte.</summary>
    public string Text { get; }

    /// <summary>The source expression that allows this text and no other (CSP Level 3, section 2.3.1).</summary>
    public string HashSource { get; }

    /// <summary>Reads an asset that the project embeds.</summary>
    public static PageAsset Read(string fileName)
    {
        using var stream = typeof(PageAsset).Assembly.GetManifestResourceStream(typeof(PageAsset), $"Assets.{fileName}")
            ?? throw new InvalidOperationException($"The project does not embed Pages/Assets/{fileName}.");
        using var reader = new StreamReader(stream, Encoding.UTF8);
        // A browser turns the line breaks of a checkout on Windows into these before it hashes.
        return new PageAsset(reader.ReadToEnd().ReplaceLineEndings("\n"));
    }
}

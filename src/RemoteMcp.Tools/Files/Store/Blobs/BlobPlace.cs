using System.Diagnostics.CodeAnalysis;
using System.Text.RegularExpressions;
using Azure.Storage.Blobs;

namespace RemoteMcp.Tools.Files.Store.Blobs;

/// <summary>The container that the settings name, and the folder in it that is shared.</summary>
/// <param name="Url">The container's URL; <see langword="null"/> where a connection string says which account it is in.</param>
/// <param name="Container">Its name.</param>
/// <param name="Folder">What is shared of it; the root for all.</param>
internal sealed partial record BlobPlace(Uri? Url, string Container, FilePath Folder)
{
    private const string UrlForm = "https://ACCOUNT.blob.core.windows.net/CONTAINER or .../CONTAINER/FOLDER";

    /// <summary>Reads the setting.</summary>
    /// <param name="text">A URL, or beside a connection string the container's name, each with a folder or without.</param>
    /// <param name="isUrl">Which of both it has to be.</param>
    /// <param name="place">What it names.</param>
    /// <param name="problem">What is wrong and the remedy, as a clause that follows the setting's name; never with what may be a secret.</param>
    public static bool TryParse(string text, bool isUrl, [NotNullWhen(true)] out BlobPlace? place, [NotNullWhen(false)] out string? problem)
    {
        place = null;
        if (!isUrl)
        {
            string[] parts = text.Split('/', 2);
            return TryCreate(null, parts[0], parts.ElementAtOrDefault(1), out place, out problem);
        }

        problem = !Uri.TryCreate(text, UriKind.Absolute, out Uri? url) || url.Host.Length == 0 ? $"is '{text}', which is not an absolute URL. Set it to {UrlForm}."
            : url.Query.Length > 0 || url.Fragment.Length > 0 || url.UserInfo.Length > 0 ? $"(on {url.Host}) carries more than an address, perhaps a secret. Set it to {UrlForm}; the server's own identity needs no secret."
            : url.Scheme != Uri.UriSchemeHttps ? $"is '{text}', which is not https. Set it to {UrlForm}."
            : null;
        if (problem is not null)
        {
            return false;
        }

        var address = new BlobUriBuilder(url!);
        string folder = address.BlobName;
        address.BlobName = "";
        return TryCreate(address.ToUri(), address.BlobContainerName, folder, out place, out problem);
    }

    private static bool TryCreate(Uri? url, string container, string? folder, [NotNullWhen(true)] out BlobPlace? place, [NotNullWhen(false)] out string? problem)
    {
        place = null;
        if (!ContainerName().IsMatch(container))
        {
            problem = $"names the container '{container}'. A container's name has 3 to 63 lower-case letters, digits and single hyphens{(url is null ? "" : $", as in {UrlForm}")}.";
            return false;
        }

        if (!FilePath.TryParse(folder, out FilePath path, out string? wrong))
        {
            problem = $"names a folder that {wrong}. Write the folder's names with '/' between them.";
            return false;
        }

        place = new BlobPlace(url, container, path);
        problem = null;
        return true;
    }

    // "Naming and referencing containers, blobs, and metadata"; $root and $web are the two with names of their own that hold files.
    [GeneratedRegex(@"^(?:\$root|\$web|(?=.{3,63}$)[a-z0-9]+(?:-[a-z0-9]+)*)\z")]
    private static partial Regex ContainerName();
}

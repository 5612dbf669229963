using System.Buffers.Text;
using System.IO.Compression;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;

namespace RemoteMcp.DataProtection;

/// <summary>Seals values as text for URLs, cookies, and forms. The text is compressed, because URLs are limited.</summary>
internal static class SealedText
{
    // The maximum length of a value. It keeps a small sealed text from becoming a large value in memory.
    private const int MaxContent = 256 * 1024;

    /// <summary>Seals a value.</summary>
    /// <exception cref="Storage.StateUnavailableException">The ring is not in memory, and the state store does not respond.</exception>
    public static async ValueTask<string> SealAsync<T>(
        this FleetProtector protector, T value, JsonTypeInfo<T> typeInfo, CancellationToken cancellationToken)
    {
        using var compressed = new MemoryStream();
        await using (var brotli = new BrotliStream(compressed, CompressionLevel.Fastest))
        {
            await JsonSerializer.SerializeAsync(brotli, value, typeInfo, cancellationToken);
        }

        return Base64Url.EncodeToString(await protector.SealAsync(compressed.ToArray(), cancellationToken));
    }

    /// <summary>Opens a sealed value.</summary>
    /// <returns>The value, or <see langword="default"/> if this server did not seal the text for this purpose.</returns>
    /// <exception cref="Storage.StateUnavailableException">The ring is not in memory, and the state store does not respond.</exception>
    public static async ValueTask<T?> TryOpenAsync<T>(
        this FleetProtector protector, string? text, JsonTypeInfo<T> typeInfo, CancellationToken cancellationToken)
        where T : class
    {
        if (text is null
            || text.Length > MaxContent
            || !Base64Url.IsValid(text)
            || await protector.TryOpenAsync(Base64Url.DecodeFromChars(text), cancellationToken) is not { } content)
        {
            return null;
        }

        // The server sealed the content, so it is valid. Another version of the server can have sealed it.
        await using var brotli = new BrotliStream(new MemoryStream(content), CompressionMode.Decompress);
        try
        {
            return await JsonSerializer.DeserializeAsync(brotli, typeInfo, cancellationToken);
        }
        catch (Exception exception) when (exception is JsonException or InvalidOperationException or InvalidDataException)
        {
            return null;
        }
    }
}

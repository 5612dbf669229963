using ModelContextProtocol.Protocol;

namespace RemoteMcp.ConformanceServer;

/// <summary>The smallest valid media files, for fixtures that return an image or a sound.</summary>
internal static class Samples
{
    /// <summary>A PNG of one pixel.</summary>
    public static byte[] Png { get; } = Convert.FromBase64String(
        "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAIAAACQd1PeAAAADElEQVR42mNQSDgAAAHkAUGi6zIMAAAAAElFTkSuQmCC");

    /// <summary>A WAV of eight samples of silence.</summary>
    public static byte[] Wav { get; } = Convert.FromBase64String(
        "UklGRiwAAABXQVZFZm10IBAAAAABAAEAQB8AAEAfAAABAAgAZGF0YQgAAACAgICAgICAgA==");

    public static ImageContentBlock Image => ImageContentBlock.FromBytes(Png, "image/png");
}

using System.ComponentModel;
using System.Diagnostics;

namespace RemoteMcp.Cli.Doctor;

/// <summary>Opens pages in the user's browser.</summary>
internal static class DefaultBrowser
{
    /// <summary>Opens a page, and returns whether the operating system has found a browser.</summary>
    /// <exception cref="ArgumentException">The URL is not an http or https URL. The system could start any program for it.</exception>
    public static bool TryOpen(Uri url)
    {
        if (url.Scheme is not ("http" or "https"))
        {
            throw new ArgumentException("The URL is not the URL of a page.", nameof(url));
        }

        try
        {
            using var process = Process.Start(new ProcessStartInfo(url.AbsoluteUri) { UseShellExecute = true });
            return true;
        }
        catch (Exception exception) when (exception is Win32Exception or FileNotFoundException or PlatformNotSupportedException)
        {
            return false;
        }
    }
}

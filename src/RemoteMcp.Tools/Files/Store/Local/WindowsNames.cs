namespace RemoteMcp.Tools.Files.Store.Local;

/// <summary>
/// Detects names that Windows does not treat as the name of a file: devices, alternate data streams, and names that end with characters
/// that Windows removes (https://learn.microsoft.com/windows/win32/fileio/naming-a-file).
/// </summary>
internal static class WindowsNames
{
    private static readonly HashSet<string> s_devices = new(
        ["CON", "PRN", "AUX", "NUL", "CONIN$", "CONOUT$",
            .. from port in (string[])["COM", "LPT"] from digit in "0123456789¹²³" select $"{port}{digit}"],
        StringComparer.OrdinalIgnoreCase);

    /// <summary>
    /// Returns whether this machine runs Windows and the name has a special meaning there. Always <see langword="false"/> on other systems.
    /// </summary>
    public static bool IsSpecial(string name) => OperatingSystem.IsWindows() && IsSpecialOnWindows(name);

    /// <summary>Returns whether the name has a special meaning on Windows.</summary>
    internal static bool IsSpecialOnWindows(string name) =>
        name.Contains(':') || name.EndsWith('.') || name.EndsWith(' ') || s_devices.Contains(name.Split('.')[0].TrimEnd(' '));
}

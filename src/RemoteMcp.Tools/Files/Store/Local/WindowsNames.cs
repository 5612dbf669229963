namespace RemoteMcp.Tools.Files.Store.Local;

/// <summary>
/// Names that Windows does not read as a file's name: devices, alternate data streams, and names whose end it drops
/// (https://learn.microsoft.com/windows/win32/fileio/naming-a-file).
/// </summary>
internal static class WindowsNames
{
    private static readonly HashSet<string> Devices = new(
        ["CON", "PRN", "AUX", "NUL", "CONIN$", "CONOUT$",
            .. from port in (string[])["COM", "LPT"] from digit in "0123456789¹²³" select $"{port}{digit}"],
        StringComparer.OrdinalIgnoreCase);

    /// <summary>Whether Windows gives this name a meaning of its own; never on other systems.</summary>
    public static bool AreSpecial(string name) => OperatingSystem.IsWindows() && HaveMeaning(name);

    /// <summary>Whether Windows would give this name a meaning of its own.</summary>
    internal static bool HaveMeaning(string name) =>
        name.Contains(':') || name.EndsWith('.') || name.EndsWith(' ') || Devices.Contains(name.Split('.')[0].TrimEnd(' '));
}

namespace RemoteMcp.Tools; internal static class X;

"""Why the operating system refused something, in both languages."""

import errno

from service_catalog.domain.vocabulary import Text

_CHINESE = {
    errno.EPERM: "不允许这样做",
    errno.EACCES: "没有权限",
    errno.ENOENT: "没有这个文件或目录",
    errno.EEXIST: "文件已存在",
    errno.ENOTDIR: "路径中有一段不是目录",
    errno.EISDIR: "这是一个目录",
    errno.EROFS: "文件系统只读",
    errno.ENOSPC: "磁盘空间不足",
    errno.EADDRINUSE: "地址已被占用",
    errno.EADDRNOTAVAIL: "本机没有这个地址",
    errno.ECONNREFUSED: "连接被拒绝",
    errno.ECONNRESET: "连接被对方断开",
    errno.EHOSTUNREACH: "无法到达这台主机",
    errno.ENETUNREACH: "无法到达这个网络",
}
"""The causes that people meet; the others are said in the system's own words."""


def cause_of(error: OSError) -> Text:
    """Return the cause of an error; one without Chinese words of its own has the system's in both languages."""
    said = error.strerror or str(error)
    return Text(_CHINESE.get(error.errno or 0, said), said)
